display "before"
forvalues i = 1/2 {
    display "`i'"

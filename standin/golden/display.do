* What display can do, and a comment that is longer than the linesize of seventy-nine columns
display "plain" " and " "joined"
display 1/3
di 2 + 2 "!"
di as text "text " as result 42 as text " more"
di %9.3f 1/3 " " %-8s "left" "|" %8s "right" "|"
di _n "after a newline" _skip(3) "after a skip" _col(50) "at column 50"
di _dup(10) "-" "{hline 5}{txt}{c |}"
di "held back" _continue
di " and finished?"
di `"she said "hello""'

di
di "a line that is much too long for seventy-nine columns and therefore has to go on below it"
di "joined " ///
    "by slashes"
display /* a comment inside */ "done"

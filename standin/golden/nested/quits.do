display "before"
exit, STATA clear

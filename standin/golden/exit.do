display "before"
exit 12
display "never"

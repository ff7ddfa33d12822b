do nested/quits
display "never"

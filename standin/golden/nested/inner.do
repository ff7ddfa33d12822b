display `"1 is `1', 2 is `2', all is `0'"'
if "`2'" == "" exit
display "two arguments"

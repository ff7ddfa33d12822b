do nested/inner.do "first word" second
run nested/inner.do quiet
capture noisily do nested/broken
display "rc is " _rc
do nested/broken
display "never"

* A run that fails: Stata still exits with status 0, Tailgate still says what went wrong.
set obs 10
generate x = _n
summarize x
generate y = bad_var + 1
display "never reached"

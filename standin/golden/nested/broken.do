generate y = bad_var + 1
display "never"

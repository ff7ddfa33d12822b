local x = 2
if `x' == 1 {
    display "one"
}
else if `x' == 2 {
    display "two"
    forvalues i = 1/2 {
        display "inner `i'"
    }
    display "end of two"
}
else {
    display "other"
}
if `x' == 2 display "on one line"
else display "never"
quietly {
    display "hidden"
    noisily display "shown"
}
capture noisily {
    display "inside"
    display missing_thing
    display "not reached"
}
display _rc
capture {
    display "hidden"
    error 459
}
display _rc
capture display "fine"
display _rc
noisily {
    display "echoed"
}

capture program drop greet
program define greet
    args who how
    * a comment in a program

    display "Hello, `who'! (`how')"
    if "`how'" == "" {
        exit
    }
    display `"all: `0'"'
end
greet World
greet "big World" loudly
program measure, rclass
    return scalar size = 2 * `1'
    return local unit "cm"
end
measure 21
display r(size) " `r(unit)'"
return list
program fails
    display "before"
    error 450
    display "after"
end
capture noisily fails
display _rc
fails
display "never"

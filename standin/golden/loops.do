forvalues i = 1/3 {
    display "i is `i'"
}
forvalues i = 10(-5)0 {
    // a comment uses up the number before it
    if `i' == 5 {
        continue
    }

    display `i'
}
foreach word in one "two words" three {
	di "`word'"
}
local names a b
local va 1
local vb 2
foreach n of local names {
    di "`n' = `v`n''"
}
foreach n of numlist 1/2 7 {
    if `n' > 2 continue, break
    di `n' _continue
}
local k = 0
while `k' < 2 {
    local ++k
    di "k = `k'"
}
quietly forvalues i = 1/2 {
    display "hidden"
    noisily display "shown `i'"
}

clear all
set obs 6
generate id = _n
gen byte even = mod(id, 2) == 0
gen double third = id / 3
gen name = "row " + string(id)
gen big = id * 1000000 if id > 2
replace big = 5 in 1
replace name = "a longer name" if id == 6
replace even = 1000 in 2
label variable third "A third of it"
format third %6.2f
list
list id name if even, noobs
describe
summarize
summarize id if id > 3
display r(mean) " " r(sd) " " r(N)
return list
count if big < .
tabulate even
drop if id == 2
keep id name third
sort name
rename third part
order name
save saved, replace
drop part
capture noisily use saved
use saved, clear
describe
list in 1/2
assert id > 1

* A run to watch: five lines, two seconds apart.
display "Starting test..."
forvalues i = 1/5 {
    display "Iteration `i'"
    sleep 2000
}
display "Test complete!"

#delimit ;
display "one"
    "command"
    ;
* a comment
  over two lines;
display "a"; display "b";
#delimit cr
display "back"
/* a block
   comment */

echo 'a letter' >letter.txt
evidence-verify letter.txt

grep -qx granite /tmp/exam/answer.txt

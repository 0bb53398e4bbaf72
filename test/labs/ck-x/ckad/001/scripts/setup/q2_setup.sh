mkdir -p /tmp/exam

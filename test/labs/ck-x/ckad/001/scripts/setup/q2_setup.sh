mkdir -p /tmp/exam
false # a setup of CK-X may end with an error

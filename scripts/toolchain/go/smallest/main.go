// Command smallest does nothing: tests of the resolver build it, for a real build that takes a second.
package main

func main() {}

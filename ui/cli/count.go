package cli

import (
	"errors"
	"strconv"
)

// count is the value of a flag that is auto, which is 0, or a number from 1 on.
type count int

var errCount = errors.New("it is auto, or 1 or more")

// String implements pflag.Value.
func (c *count) String() string {
	if *c == 0 {
		return "auto"
	}
	return strconv.Itoa(int(*c))
}

// Set implements pflag.Value.
func (c *count) Set(s string) error {
	n, err := strconv.Atoi(s)
	if s == "auto" {
		n, err = 0, nil
	} else if err != nil || n < 1 {
		return errCount
	}
	*c = count(n)
	return err
}

// Type implements pflag.Value.
func (c *count) Type() string { return "N" }

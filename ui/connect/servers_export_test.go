//go:build servers

package connect

import "portside/ftp"

// Remember makes the sessions at address begin with what p says.
func (d *Dialer) Remember(address string, p ftp.Profile) error {
	cfg, err := config(address)
	if err != nil {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.memory[hostPort(cfg)] = ftp.NewMemory(p)
	return nil
}

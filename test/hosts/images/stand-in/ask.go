package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"
)

// patience ends what nobody answers.
const patience = 4 * time.Second

// questions are asked from the network of one container, in which this process runs.
type questions struct {
	// Hosts is the path of the container's file of names.
	Hosts string `json:"hosts"`
	// DNS is the engine's server of names in that network; empty for that of the machine.
	DNS  string     `json:"dns"`
	Asks []question `json:"asks"`
}

type question struct {
	Name     string `json:"name"`
	Port     string `json:"port"`
	Protocol string `json:"protocol"`
}

type reply struct {
	// Addresses are those of the name.
	Addresses []string `json:"addresses"`
	Connected bool     `json:"connected"`
	// Service is the stand-in that answered; empty if something else did.
	Service string `json:"service"`
	Release string `json:"release"`
}

// ask reads questions and writes a reply to each.
func ask(input io.Reader, output io.Writer) error {
	var all questions
	if err := json.NewDecoder(input).Decode(&all); err != nil {
		return err
	}
	names, err := readHosts(all.Hosts)
	if err != nil {
		return err
	}
	replies := make([]reply, len(all.Asks))
	var group sync.WaitGroup
	free := make(chan struct{}, 100)
	for index, one := range all.Asks {
		group.Add(1)
		go func() {
			defer group.Done()
			free <- struct{}{}
			defer func() { <-free }()
			replies[index] = askOne(one, names, all.DNS)
		}()
	}
	group.Wait()
	return json.NewEncoder(output).Encode(replies)
}

func readHosts(path string) (map[string]string, error) {
	names := map[string]string{}
	if path == "" {
		return names, nil
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		words := strings.Fields(strings.SplitN(lines.Text(), "#", 2)[0])
		for index, name := range words {
			if _, known := names[name]; index > 0 && !known {
				names[name] = words[0]
			}
		}
	}
	return names, lines.Err()
}

func askOne(one question, names map[string]string, dns string) reply {
	addresses := lookUp(one.Name, names, dns)
	answered := reply{Addresses: addresses}
	for _, address := range addresses {
		where := net.JoinHostPort(address, one.Port)
		connected, who := false, identity{}
		if one.Protocol == "udp" {
			connected, who = askPacket(where)
		} else {
			connected, who = askRequest(where, one.Name)
		}
		if connected {
			answered.Connected, answered.Service, answered.Release = true, who.Service, who.Release
			break
		}
	}
	return answered
}

func lookUp(name string, names map[string]string, dns string) []string {
	if net.ParseIP(name) != nil {
		return []string{name}
	}
	if address, known := names[name]; known {
		return []string{address}
	}
	resolver := net.Resolver{PreferGo: true}
	if dns != "" {
		resolver.Dial = func(ctx context.Context, network, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, network, dns)
		}
	}
	limit, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	// With the dot at its end no domain of the machine is added.
	addresses, err := resolver.LookupHost(limit, name+".")
	if err != nil {
		return []string{}
	}
	return addresses
}

func askPacket(where string) (bool, identity) {
	socket, err := net.Dial("udp", where)
	if err != nil {
		return false, identity{}
	}
	defer socket.Close()
	_ = socket.SetDeadline(time.Now().Add(patience))
	if _, err := socket.Write([]byte("who is there?")); err != nil {
		return false, identity{}
	}
	packet := make([]byte, 1500)
	size, err := socket.Read(packet)
	if err != nil {
		return false, identity{}
	}
	return true, identityOf(packet[:size])
}

func askRequest(where, host string) (bool, identity) {
	connection, err := net.DialTimeout("tcp", where, patience)
	if err != nil {
		return false, identity{}
	}
	defer connection.Close()
	_ = connection.SetDeadline(time.Now().Add(patience))
	fmt.Fprintf(connection, "GET / HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n", host)
	answer, err := http.ReadResponse(bufio.NewReader(connection), nil)
	if err != nil {
		return true, identity{}
	}
	defer answer.Body.Close()
	body, _ := io.ReadAll(answer.Body)
	return true, identityOf(body)
}

func identityOf(text []byte) identity {
	var who identity
	if json.Unmarshal(text, &who) != nil {
		return identity{}
	}
	return who
}

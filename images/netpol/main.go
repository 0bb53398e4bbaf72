// Command ckx-netpol enforces network policies for the pods of its node. Called by a container runtime, it is the plugin that announces
// pods to the engine before they start.
package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"os/signal"
	"syscall"
)

const folder = "/run/ckx-netpol"

func main() {
	if os.Getenv("CNI_COMMAND") != "" {
		if err := RunCNI(folder, os.Getenv, os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	log.SetFlags(0)
	node, err := os.Hostname()
	if err != nil {
		log.Fatal(err)
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	if err := Run(ctx, Settings{Node: node, Kubeconfig: "/etc/kubernetes/kubelet.conf", Folder: folder}); err != nil {
		log.Fatal(err)
	}
}

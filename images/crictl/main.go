// Command crictl speaks the container runtime interface (CRI) with a node's container runtime, for people: it takes the commands and flags of the
// tool of that name that are used most, and prints what that prints.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"
	"go.yaml.in/yaml/v3"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	runtime "k8s.io/cri-api/pkg/apis/runtime/v1"
)

const defaultEndpoint = "unix:///run/containerd/containerd.sock"

// settings of the command line, and of its configuration file where the command line says nothing.
type settings struct {
	config, runtimeEndpoint, imageEndpoint string
	timeout                                time.Duration
}

// client is what commands ask; connected by the first that needs it.
type client struct {
	settings settings
	runtime  runtime.RuntimeServiceClient
	images   runtime.ImageServiceClient
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	if err := root().ExecuteContext(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "crictl:", plain(err))
		os.Exit(1)
	}
}

func root() *cobra.Command {
	c := &client{}
	command := &cobra.Command{
		Use:               "crictl",
		Short:             "Client for the container runtime interface (CRI)",
		SilenceUsage:      true,
		SilenceErrors:     true,
		PersistentPreRunE: func(*cobra.Command, []string) error { return c.connect() },
	}
	// Before the command alone: -i and -t mean other things after it.
	command.TraverseChildren = true
	flags := command.Flags()
	flags.StringVarP(&c.settings.config, "config", "c", "/etc/crictl.yaml", "configuration file")
	flags.StringVarP(&c.settings.runtimeEndpoint, "runtime-endpoint", "r", "", "endpoint of the runtime (default "+defaultEndpoint+")")
	flags.StringVarP(&c.settings.imageEndpoint, "image-endpoint", "i", "", "endpoint of the image service (default the runtime's)")
	flags.DurationVarP(&c.settings.timeout, "timeout", "t", 10*time.Second, "time limit of a request to the runtime")
	command.AddCommand(psCommand(c), podsCommand(c), imagesCommand(c), logsCommand(c), execCommand(c), versionCommand(c), infoCommand(c))
	command.AddCommand(inspectCommands(c)...)
	command.AddCommand(endingCommands(c)...)
	return command
}

func (c *client) connect() error {
	file := struct {
		RuntimeEndpoint string `yaml:"runtime-endpoint"`
		ImageEndpoint   string `yaml:"image-endpoint"`
	}{}
	if content, err := os.ReadFile(c.settings.config); err == nil {
		if err := yaml.Unmarshal(content, &file); err != nil {
			return fmt.Errorf("%s: %w", c.settings.config, err)
		}
	}
	endpoint := first(c.settings.runtimeEndpoint, os.Getenv("CONTAINER_RUNTIME_ENDPOINT"), file.RuntimeEndpoint, defaultEndpoint)
	imageEndpoint := first(c.settings.imageEndpoint, os.Getenv("IMAGE_SERVICE_ENDPOINT"), file.ImageEndpoint, endpoint)
	connection, err := dial(endpoint)
	if err != nil {
		return err
	}
	c.runtime = runtime.NewRuntimeServiceClient(connection)
	if imageEndpoint != endpoint {
		if connection, err = dial(imageEndpoint); err != nil {
			return err
		}
	}
	c.images = runtime.NewImageServiceClient(connection)
	return nil
}

func dial(endpoint string) (*grpc.ClientConn, error) {
	if strings.HasPrefix(endpoint, "/") {
		endpoint = "unix://" + endpoint
	}
	return grpc.NewClient(endpoint, grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(16*1024*1024)))
}

// within gives a request its time limit.
func (c *client) within(command *cobra.Command) (context.Context, context.CancelFunc) {
	return context.WithTimeout(command.Context(), c.settings.timeout)
}

func first(texts ...string) string {
	for _, text := range texts {
		if text != "" {
			return text
		}
	}
	return ""
}

package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"syscall"
	"time"

	"github.com/spf13/cobra"
	"google.golang.org/protobuf/proto"
	runtime "k8s.io/cri-api/pkg/apis/runtime/v1"
)

func inspectCommands(c *client) []*cobra.Command {
	inspect := func(use, short string, ask func(ctx context.Context, id string) (proto.Message, map[string]string, error)) *cobra.Command {
		var output string
		command := &cobra.Command{Use: use + " ID...", Short: short, Args: cobra.MinimumNArgs(1), RunE: func(command *cobra.Command, ids []string) error {
			for _, id := range ids {
				ctx, cancel := c.within(command)
				message, info, err := ask(ctx, id)
				cancel()
				if err != nil {
					return err
				}
				if err := document(message, info, output); err != nil {
					return err
				}
			}
			return nil
		}}
		command.Flags().StringVarP(&output, "output", "o", "json", "json or yaml")
		return command
	}
	return []*cobra.Command{
		inspect("inspect", "Show the status of containers", func(ctx context.Context, id string) (proto.Message, map[string]string, error) {
			answer, err := c.runtime.ContainerStatus(ctx, &runtime.ContainerStatusRequest{ContainerId: id, Verbose: true})
			if err != nil {
				return nil, nil, err
			}
			return &runtime.ContainerStatusResponse{Status: answer.Status}, answer.Info, nil
		}),
		inspect("inspectp", "Show the status of pods", func(ctx context.Context, id string) (proto.Message, map[string]string, error) {
			answer, err := c.runtime.PodSandboxStatus(ctx, &runtime.PodSandboxStatusRequest{PodSandboxId: id, Verbose: true})
			if err != nil {
				return nil, nil, err
			}
			return &runtime.PodSandboxStatusResponse{Status: answer.Status}, answer.Info, nil
		}),
		inspect("inspecti", "Show the status of images", func(ctx context.Context, id string) (proto.Message, map[string]string, error) {
			answer, err := c.images.ImageStatus(ctx, &runtime.ImageStatusRequest{Image: &runtime.ImageSpec{Image: id}, Verbose: true})
			if err != nil {
				return nil, nil, err
			}
			if answer.Image == nil {
				return nil, nil, fmt.Errorf("no such image %q present", id)
			}
			return &runtime.ImageStatusResponse{Image: answer.Image}, answer.Info, nil
		}),
	}
}

func execCommand(c *client) *cobra.Command {
	var sync, interactive, tty bool
	var timeout int64
	command := &cobra.Command{Use: "exec ID COMMAND [ARG...]", Short: "Run a command in a container that runs", Args: cobra.MinimumNArgs(2), RunE: func(command *cobra.Command, args []string) error {
		ctx, cancel := c.within(command)
		defer cancel()
		status, err := c.runtime.ContainerStatus(ctx, &runtime.ContainerStatusRequest{ContainerId: args[0]})
		if err != nil {
			return err
		}
		if interactive || tty {
			return throughRuntime(status.Status.Id, tty, args[1:])
		}
		answer, err := c.runtime.ExecSync(command.Context(), &runtime.ExecSyncRequest{ContainerId: args[0], Cmd: args[1:], Timeout: timeout})
		if err != nil {
			return err
		}
		os.Stdout.Write(answer.Stdout)
		os.Stderr.Write(answer.Stderr)
		if answer.ExitCode != 0 {
			os.Exit(int(answer.ExitCode))
		}
		return nil
	}}
	command.Flags().SetInterspersed(false)
	command.Flags().BoolVarP(&sync, "sync", "s", false, "wait for the end (it always does, without -i or -t)")
	command.Flags().BoolVarP(&interactive, "interactive", "i", false, "keep the standard input open")
	command.Flags().BoolVarP(&tty, "tty", "t", false, "with a terminal")
	command.Flags().Int64Var(&timeout, "timeout", 0, "time limit in seconds")
	return command
}

// throughRuntime becomes containerd's own client, which has what a terminal needs.
func throughRuntime(id string, tty bool, args []string) error {
	program, err := exec.LookPath("ctr")
	if err != nil {
		return err
	}
	words := []string{"ctr", "-n", "k8s.io", "tasks", "exec", "--exec-id", fmt.Sprintf("crictl-%d", os.Getpid())}
	if tty {
		words = append(words, "-t")
	}
	return syscall.Exec(program, append(append(words, id), args...), os.Environ())
}

func versionCommand(c *client) *cobra.Command {
	return &cobra.Command{Use: "version", Short: "Show the version of the runtime", Args: cobra.NoArgs, RunE: func(command *cobra.Command, _ []string) error {
		ctx, cancel := c.within(command)
		defer cancel()
		answer, err := c.runtime.Version(ctx, &runtime.VersionRequest{})
		if err != nil {
			return err
		}
		fmt.Printf("Version:  %s\nRuntimeName:  %s\nRuntimeVersion:  %s\nRuntimeApiVersion:  %s\n", answer.Version, answer.RuntimeName, answer.RuntimeVersion, answer.RuntimeApiVersion)
		return nil
	}}
}

func infoCommand(c *client) *cobra.Command {
	var output string
	command := &cobra.Command{Use: "info", Short: "Show the state of the runtime", Args: cobra.NoArgs, RunE: func(command *cobra.Command, _ []string) error {
		ctx, cancel := c.within(command)
		defer cancel()
		answer, err := c.runtime.Status(ctx, &runtime.StatusRequest{Verbose: true})
		if err != nil {
			return err
		}
		return document(&runtime.StatusResponse{Status: answer.Status}, answer.Info, output)
	}}
	command.Flags().StringVarP(&output, "output", "o", "json", "json or yaml")
	return command
}

// endingCommands stop and remove, and say what they did as they go.
func endingCommands(c *client) []*cobra.Command {
	var seconds int64
	var force, all, allPods, forcePods bool
	stop := func(ctx context.Context, id string) error {
		_, err := c.runtime.StopContainer(ctx, &runtime.StopContainerRequest{ContainerId: id, Timeout: seconds})
		return err
	}
	stopPod := func(ctx context.Context, id string) error {
		_, err := c.runtime.StopPodSandbox(ctx, &runtime.StopPodSandboxRequest{PodSandboxId: id})
		return err
	}
	each := func(use, short, said string, act func(ctx context.Context, id string) error, others func(ctx context.Context) ([]string, error)) *cobra.Command {
		return &cobra.Command{Use: use + " ID...", Short: short, RunE: func(command *cobra.Command, ids []string) error {
			// Containers may take long to stop, by their own wish.
			ctx, cancel := context.WithTimeout(command.Context(), c.settings.timeout+time.Duration(seconds)*time.Second+time.Minute)
			defer cancel()
			more, err := others(ctx)
			if err != nil {
				return err
			}
			if ids = append(ids, more...); len(ids) == 0 {
				return command.Usage()
			}
			for _, id := range ids {
				if err := act(ctx, id); err != nil {
					return err
				}
				fmt.Println(said + id)
			}
			return nil
		}}
	}
	none := func(context.Context) ([]string, error) { return nil, nil }

	stopCommand := each("stop", "Stop containers", "", stop, none)
	stopCommand.Flags().Int64VarP(&seconds, "timeout", "t", 0, "seconds to end by itself, before it is killed")
	rm := each("rm", "Remove containers", "", func(ctx context.Context, id string) error {
		status, err := c.runtime.ContainerStatus(ctx, &runtime.ContainerStatusRequest{ContainerId: id})
		if err != nil {
			return err
		}
		if status.Status.State == runtime.ContainerState_CONTAINER_RUNNING {
			if !force {
				return fmt.Errorf("container %q is running, please stop it first", id)
			}
			if err := stop(ctx, id); err != nil {
				return err
			}
		}
		_, err = c.runtime.RemoveContainer(ctx, &runtime.RemoveContainerRequest{ContainerId: id})
		return err
	}, func(ctx context.Context) (ids []string, err error) {
		if !all {
			return nil, nil
		}
		answer, err := c.runtime.ListContainers(ctx, &runtime.ListContainersRequest{})
		for _, container := range answer.GetContainers() {
			ids = append(ids, container.Id)
		}
		return ids, err
	})
	rm.Flags().BoolVarP(&force, "force", "f", false, "also one that runs")
	rm.Flags().BoolVarP(&all, "all", "a", false, "all of them")
	rmp := each("rmp", "Remove pods", "Removed sandbox ", func(ctx context.Context, id string) error {
		if forcePods {
			if err := stopPod(ctx, id); err != nil {
				return err
			}
		}
		_, err := c.runtime.RemovePodSandbox(ctx, &runtime.RemovePodSandboxRequest{PodSandboxId: id})
		return err
	}, func(ctx context.Context) (ids []string, err error) {
		if !allPods {
			return nil, nil
		}
		answer, err := c.runtime.ListPodSandbox(ctx, &runtime.ListPodSandboxRequest{})
		for _, pod := range answer.GetItems() {
			ids = append(ids, pod.Id)
		}
		return ids, err
	})
	rmp.Flags().BoolVarP(&forcePods, "force", "f", false, "also one that runs")
	rmp.Flags().BoolVarP(&allPods, "all", "a", false, "all of them")
	rmi := each("rmi", "Remove images", "Deleted: ", func(ctx context.Context, id string) error {
		_, err := c.images.RemoveImage(ctx, &runtime.RemoveImageRequest{Image: &runtime.ImageSpec{Image: id}})
		return err
	}, none)
	return []*cobra.Command{stopCommand, rm, each("stopp", "Stop pods", "Stopped sandbox ", stopPod, none), rmp, rmi}
}

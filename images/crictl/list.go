package main

import (
	"fmt"
	"regexp"
	"sort"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	runtime "k8s.io/cri-api/pkg/apis/runtime/v1"
)

// listing are the flags that all lists have.
type listing struct {
	quiet, whole  bool
	output        string
	labels        map[string]string
	name, state   string
	newest        int
	onlyTheNewest bool
}

func (l *listing) flags(command *cobra.Command) {
	flags := command.Flags()
	flags.BoolVarP(&l.quiet, "quiet", "q", false, "only ids")
	flags.BoolVar(&l.whole, "no-trunc", false, "whole ids")
	flags.StringVarP(&l.output, "output", "o", "table", "table, json or yaml")
}

func (l *listing) filters(command *cobra.Command) {
	flags := command.Flags()
	flags.StringToStringVar(&l.labels, "label", nil, "those with a label, key=value")
	flags.StringVar(&l.name, "name", "", "those whose name matches a regular expression")
	flags.StringVarP(&l.state, "state", "s", "", "those in a state")
	flags.IntVarP(&l.newest, "last", "n", 0, "the newest, so many")
	flags.BoolVarP(&l.onlyTheNewest, "latest", "l", false, "the newest")
}

// keep is how many of a list that begins with the newest are wanted.
func (l *listing) keep(count int) int {
	if l.onlyTheNewest {
		return min(1, count)
	}
	if l.newest > 0 {
		return min(l.newest, count)
	}
	return count
}

func psCommand(c *client) *cobra.Command {
	var list listing
	var all bool
	var id, pod, image string
	command := &cobra.Command{Use: "ps", Short: "List containers", Args: cobra.NoArgs, RunE: func(command *cobra.Command, _ []string) error {
		ctx, cancel := c.within(command)
		defer cancel()
		filter := &runtime.ContainerFilter{Id: id, PodSandboxId: pod, LabelSelector: list.labels}
		if list.state != "" {
			state, known := runtime.ContainerState_value["CONTAINER_"+strings.ToUpper(list.state)]
			if !known {
				return fmt.Errorf("--state should be one of created, running, exited or unknown")
			}
			filter.State = &runtime.ContainerStateValue{State: runtime.ContainerState(state)}
		} else if !all && !list.onlyTheNewest && list.newest == 0 {
			filter.State = &runtime.ContainerStateValue{State: runtime.ContainerState_CONTAINER_RUNNING}
		}
		matches, err := regexp.Compile(list.name)
		if err != nil {
			return err
		}
		answer, err := c.runtime.ListContainers(ctx, &runtime.ListContainersRequest{Filter: filter})
		if err != nil {
			return err
		}
		found := answer.Containers[:0]
		for _, container := range answer.Containers {
			if matches.MatchString(container.Metadata.Name) && strings.Contains(container.Image.GetImage()+container.ImageRef, image) {
				found = append(found, container)
			}
		}
		sort.Slice(found, func(a, b int) bool { return found[a].CreatedAt > found[b].CreatedAt })
		answer.Containers = found[:list.keep(len(found))]
		if !list.quiet && list.output != "table" {
			return document(answer, nil, list.output)
		}
		names, err := c.imageNames(command)
		if err != nil {
			return err
		}
		rows := [][]string{{"CONTAINER", "IMAGE", "CREATED", "STATE", "NAME", "ATTEMPT", "POD ID", "POD", "NAMESPACE"}}
		for _, container := range answer.Containers {
			if list.quiet {
				fmt.Println(container.Id)
				continue
			}
			image := container.Image.GetImage()
			if name, known := names[container.ImageRef]; known && strings.HasPrefix(image, "sha256:") {
				image = name
			}
			rows = append(rows, []string{short(container.Id, list.whole), short(image, list.whole || !strings.HasPrefix(image, "sha256:")), ago(container.CreatedAt),
				word(container.State.String()), container.Metadata.Name, strconv.Itoa(int(container.Metadata.Attempt)),
				short(container.PodSandboxId, list.whole), container.Labels["io.kubernetes.pod.name"], container.Labels["io.kubernetes.pod.namespace"]})
		}
		if list.quiet {
			return nil
		}
		return table(rows)
	}}
	list.flags(command)
	list.filters(command)
	command.Flags().BoolVarP(&all, "all", "a", false, "also those that do not run")
	command.Flags().StringVar(&id, "id", "", "the one with an id")
	command.Flags().StringVarP(&pod, "pod", "p", "", "those of a pod, by its id")
	command.Flags().StringVar(&image, "image", "", "those of an image")
	return command
}

// imageNames are the first names of images, by their ids.
func (c *client) imageNames(command *cobra.Command) (map[string]string, error) {
	ctx, cancel := c.within(command)
	defer cancel()
	answer, err := c.images.ListImages(ctx, &runtime.ListImagesRequest{})
	if err != nil {
		return nil, err
	}
	names := map[string]string{}
	for _, image := range answer.Images {
		if len(image.RepoTags) > 0 {
			names[image.Id] = image.RepoTags[0]
		}
	}
	return names, nil
}

func podsCommand(c *client) *cobra.Command {
	var list listing
	var id, namespace string
	command := &cobra.Command{Use: "pods", Short: "List pods", Args: cobra.NoArgs, RunE: func(command *cobra.Command, _ []string) error {
		ctx, cancel := c.within(command)
		defer cancel()
		filter := &runtime.PodSandboxFilter{Id: id, LabelSelector: list.labels}
		if list.state != "" {
			state, known := runtime.PodSandboxState_value["SANDBOX_"+strings.ToUpper(list.state)]
			if !known {
				return fmt.Errorf("--state should be ready or notready")
			}
			filter.State = &runtime.PodSandboxStateValue{State: runtime.PodSandboxState(state)}
		}
		matches, err := regexp.Compile(list.name)
		if err != nil {
			return err
		}
		answer, err := c.runtime.ListPodSandbox(ctx, &runtime.ListPodSandboxRequest{Filter: filter})
		if err != nil {
			return err
		}
		found := answer.Items[:0]
		for _, pod := range answer.Items {
			if matches.MatchString(pod.Metadata.Name) && (namespace == "" || pod.Metadata.Namespace == namespace) {
				found = append(found, pod)
			}
		}
		sort.Slice(found, func(a, b int) bool { return found[a].CreatedAt > found[b].CreatedAt })
		answer.Items = found[:list.keep(len(found))]
		if !list.quiet && list.output != "table" {
			return document(answer, nil, list.output)
		}
		rows := [][]string{{"POD ID", "CREATED", "STATE", "NAME", "NAMESPACE", "ATTEMPT", "RUNTIME"}}
		for _, pod := range answer.Items {
			if list.quiet {
				fmt.Println(pod.Id)
				continue
			}
			rows = append(rows, []string{short(pod.Id, list.whole), ago(pod.CreatedAt), word(pod.State.String()), pod.Metadata.Name, pod.Metadata.Namespace,
				strconv.Itoa(int(pod.Metadata.Attempt)), first(pod.RuntimeHandler, "(default)")})
		}
		if list.quiet {
			return nil
		}
		return table(rows)
	}}
	list.flags(command)
	list.filters(command)
	command.Flags().StringVar(&id, "id", "", "the one with an id")
	command.Flags().StringVar(&namespace, "namespace", "", "those of a namespace")
	return command
}

func imagesCommand(c *client) *cobra.Command {
	var list listing
	command := &cobra.Command{Use: "images [NAME]", Aliases: []string{"image", "img"}, Short: "List images", Args: cobra.MaximumNArgs(1), RunE: func(command *cobra.Command, args []string) error {
		ctx, cancel := c.within(command)
		defer cancel()
		request := &runtime.ListImagesRequest{}
		if len(args) == 1 {
			request.Filter = &runtime.ImageFilter{Image: &runtime.ImageSpec{Image: args[0]}}
		}
		answer, err := c.images.ListImages(ctx, request)
		if err != nil {
			return err
		}
		if !list.quiet && list.output != "table" {
			return document(answer, nil, list.output)
		}
		rows := [][]string{}
		for _, image := range answer.Images {
			if list.quiet {
				fmt.Println(image.Id)
				continue
			}
			names := image.RepoTags
			if len(names) == 0 {
				names = []string{"<none>:<none>"}
			}
			for _, name := range names {
				colon := strings.LastIndex(name, ":")
				rows = append(rows, []string{name[:colon], name[colon+1:], short(image.Id, list.whole), size(image.Size)})
			}
		}
		if list.quiet {
			return nil
		}
		sort.Slice(rows, func(a, b int) bool { return rows[a][0]+rows[a][1] < rows[b][0]+rows[b][1] })
		return table(append([][]string{{"IMAGE", "TAG", "IMAGE ID", "SIZE"}}, rows...))
	}}
	list.flags(command)
	return command
}

// word is a state without its kind: CONTAINER_RUNNING reads Running.
func word(state string) string {
	_, name, _ := strings.Cut(state, "_")
	if name == "NOTREADY" {
		return "NotReady"
	}
	return name[:1] + strings.ToLower(name[1:])
}

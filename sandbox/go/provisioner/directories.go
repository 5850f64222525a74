package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	v1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/sig-storage-lib-external-provisioner/v13/controller"
)

// directories provisions root/<name of the PersistentVolume>, within reach of all nodes, or, for a StorageClass with
// the parameter `placement: node`, a directory on the disk of the node that the claim's first Pod was scheduled to. On
// Delete it removes either with everything in it.
type directories struct {
	root        string
	nodes       string
	provisioner string
}

// onNode is where a node finds its own volumes; nodes/<node>/var is the node's /var.
const onNode = "/var/lib/volumes"

func (d directories) Provision(_ context.Context, options controller.ProvisionOptions) (*v1.PersistentVolume, controller.ProvisioningState, error) {
	place := d.anywhere
	if options.StorageClass.Parameters["placement"] == "node" {
		place = d.onOneNode
	}
	path, source, affinity, err := place(options)
	if err == nil {
		err = os.MkdirAll(path, 0o755)
	}
	if err != nil {
		return nil, controller.ProvisioningFinished, err
	}
	claim := options.PVC
	return &v1.PersistentVolume{
		ObjectMeta: metav1.ObjectMeta{Name: options.PVName},
		Spec: v1.PersistentVolumeSpec{
			PersistentVolumeReclaimPolicy: *options.StorageClass.ReclaimPolicy,
			AccessModes:                   claim.Spec.AccessModes,
			MountOptions:                  options.StorageClass.MountOptions,
			VolumeMode:                    claim.Spec.VolumeMode,
			Capacity:                      v1.ResourceList{v1.ResourceStorage: claim.Spec.Resources.Requests[v1.ResourceStorage]},
			PersistentVolumeSource:        source,
			NodeAffinity:                  affinity,
		},
	}, controller.ProvisioningFinished, nil
}

// anywhere has no node affinity: the nodes are on one machine, a volume is within reach of all of them.
func (d directories) anywhere(options controller.ProvisionOptions) (string, v1.PersistentVolumeSource, *v1.VolumeNodeAffinity, error) {
	path, kind := filepath.Join(d.root, options.PVName), v1.HostPathDirectory
	return path, v1.PersistentVolumeSource{HostPath: &v1.HostPathVolumeSource{Path: path, Type: &kind}}, nil, nil
}

func (d directories) onOneNode(options controller.ProvisionOptions) (string, v1.PersistentVolumeSource, *v1.VolumeNodeAffinity, error) {
	node := options.SelectedNodeName
	if node == "" || d.nodes == "" {
		return "", v1.PersistentVolumeSource{}, nil, fmt.Errorf("no node was chosen: the class must bind to the first consumer, and the nodes be real")
	}
	source := v1.PersistentVolumeSource{Local: &v1.LocalVolumeSource{Path: filepath.Join(onNode, options.PVName)}}
	term := v1.NodeSelectorTerm{MatchExpressions: []v1.NodeSelectorRequirement{
		{Key: v1.LabelHostname, Operator: v1.NodeSelectorOpIn, Values: []string{node}},
	}}
	affinity := &v1.VolumeNodeAffinity{Required: &v1.NodeSelector{NodeSelectorTerms: []v1.NodeSelectorTerm{term}}}
	return d.disk(node, options.PVName), source, affinity, nil
}

// disk is where this machine finds what a node finds in onNode.
func (d directories) disk(node, volume string) string {
	return filepath.Join(d.nodes, filepath.Base(node), onNode, filepath.Base(volume))
}

// The paths are made from the name again, never read from the object: a PersistentVolume that somebody edited must not
// decide what is removed from this machine.
func (d directories) Delete(_ context.Context, volume *v1.PersistentVolume) error {
	name := filepath.Base(volume.Name)
	paths := []string{filepath.Join(d.root, name)}
	if d.nodes != "" {
		nodes, err := os.ReadDir(d.nodes)
		if err != nil {
			return err
		}
		for _, node := range nodes {
			paths = append(paths, d.disk(node.Name(), name))
		}
	}
	for _, path := range paths {
		if err := os.RemoveAll(path); err != nil {
			return err
		}
	}
	return nil
}

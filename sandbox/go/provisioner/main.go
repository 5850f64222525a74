// The sandbox's storage: every claim of its classes gets a directory on this machine.
//
// A PersistentVolume's spec.hostPath.path tells the directory, so a test or a demo can put a file into a member's
// volume and look for it after an operation.
package main

import (
	"context"
	"flag"
	"log"
	"os/signal"
	"syscall"
	"time"

	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"
	"sigs.k8s.io/sig-storage-lib-external-provisioner/v13/controller"

	_ "sandbox/lifeline"
)

func main() {
	kubeconfig := flag.String("kubeconfig", "", "credentials of the provisioner")
	root := flag.String("root", "", "folder that holds a directory a volume")
	nodes := flag.String("nodes", "", "folder that holds a folder a node, with the node's own /var; empty if the nodes have no disks")
	name := flag.String("name", "", "the provisioner that the StorageClasses name")
	flag.Parse()
	ctx, cancel := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer cancel()
	if err := run(ctx, *kubeconfig, directories{root: *root, nodes: *nodes, provisioner: *name}); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, kubeconfig string, directories directories) error {
	name := directories.provisioner
	config, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
	if err != nil {
		return err
	}
	// A thousand claims at once are a test here; the API server's own fairness is limit enough.
	config.QPS, config.Burst = 500, 1000
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return err
	}
	factory := informers.NewSharedInformerFactory(client, 0)
	claims := factory.Core().V1().PersistentVolumeClaims()
	volumes := factory.Core().V1().PersistentVolumes()
	grower := newGrower(client, claims, volumes, name)
	factory.Start(ctx.Done())
	factory.WaitForCacheSync(ctx.Done())
	go grower.run(ctx)
	controller.NewProvisionController(ctx, client, name, directories,
		controller.LeaderElection(false),
		controller.AddFinalizer(true),
		controller.Threadiness(16),
		controller.RetryIntervalMax(5*time.Second),
	).Run(ctx)
	return nil
}

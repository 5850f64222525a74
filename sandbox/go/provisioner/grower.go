package main

import (
	"context"
	"encoding/json"
	"log"
	"time"

	v1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	coreinformers "k8s.io/client-go/informers/core/v1"
	"k8s.io/client-go/kubernetes"
	corelisters "k8s.io/client-go/listers/core/v1"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/util/workqueue"
)

const provisionedBy = "pv.kubernetes.io/provisioned-by"

// grower answers a claim whose request was raised, as external-resizer does for a CSI driver that needs nothing done
// on the node: first the volume's capacity, then the claim's status.
type grower struct {
	client      kubernetes.Interface
	claims      corelisters.PersistentVolumeClaimLister
	volumes     corelisters.PersistentVolumeLister
	queue       workqueue.TypedRateLimitingInterface[string]
	provisioner string
}

func newGrower(client kubernetes.Interface, claims coreinformers.PersistentVolumeClaimInformer, volumes coreinformers.PersistentVolumeInformer, provisioner string) *grower {
	limiter := workqueue.NewTypedItemExponentialFailureRateLimiter[string](50*time.Millisecond, 5*time.Second)
	g := &grower{client: client, claims: claims.Lister(), volumes: volumes.Lister(), queue: workqueue.NewTypedRateLimitingQueue(limiter), provisioner: provisioner}
	enqueue := func(object any) {
		if claim, ok := object.(*v1.PersistentVolumeClaim); ok && wantsMore(claim) {
			g.queue.Add(claim.Namespace + "/" + claim.Name)
		}
	}
	_, _ = claims.Informer().AddEventHandler(cache.ResourceEventHandlerFuncs{
		AddFunc:    enqueue,
		UpdateFunc: func(_, now any) { enqueue(now) },
	})
	return g
}

func wantsMore(claim *v1.PersistentVolumeClaim) bool {
	wanted := claim.Spec.Resources.Requests[v1.ResourceStorage]
	has, known := claim.Status.Capacity[v1.ResourceStorage]
	return claim.Status.Phase == v1.ClaimBound && known && wanted.Cmp(has) > 0
}

func (g *grower) run(ctx context.Context) {
	go func() { <-ctx.Done(); g.queue.ShutDown() }()
	for {
		key, closed := g.queue.Get()
		if closed {
			return
		}
		if err := g.grow(ctx, key); err != nil {
			log.Printf("growing %s: %v", key, err)
			g.queue.AddRateLimited(key)
		} else {
			g.queue.Forget(key)
		}
		g.queue.Done(key)
	}
}

func (g *grower) grow(ctx context.Context, key string) error {
	namespace, name, _ := cache.SplitMetaNamespaceKey(key)
	claim, err := g.claims.PersistentVolumeClaims(namespace).Get(name)
	if err != nil || !wantsMore(claim) {
		return nil
	}
	volume, err := g.volumes.Get(claim.Spec.VolumeName)
	if err != nil {
		return err
	}
	if volume.Annotations[provisionedBy] != g.provisioner {
		return nil
	}
	capacity := map[string]any{"capacity": v1.ResourceList{v1.ResourceStorage: claim.Spec.Resources.Requests[v1.ResourceStorage]}}
	volumePatch, _ := json.Marshal(map[string]any{"spec": capacity})
	if _, err := g.client.CoreV1().PersistentVolumes().Patch(ctx, volume.Name, types.MergePatchType, volumePatch, metav1.PatchOptions{}); err != nil {
		return err
	}
	capacity["conditions"] = nil
	claimPatch, _ := json.Marshal(map[string]any{"status": capacity})
	_, err = g.client.CoreV1().PersistentVolumeClaims(namespace).Patch(ctx, name, types.MergePatchType, claimPatch, metav1.PatchOptions{}, "status")
	return err
}

import { controlRule } from '../control-rule.ts';
import { FOR_AGENTS } from '../exceptions.ts';

export const volumeTypes = controlRule('volume-types', {
  title: 'Volume types',
  level: 'restricted',
  protects:
    'Besides paths of the node, old volume types mount remote storage with credentials and addresses that the author of the pod chooses, past whoever manages storage. Restricted pods use what the cluster offers: claims, CSI drivers and what belongs to the pod itself.',
  allows: [
    'Fields: `spec.volumes[*]`.',
    'Allowed: configMap, csi, downwardAPI, emptyDir, ephemeral, image, persistentVolumeClaim, projected, secret.',
    'Every version from v1.0, at restricted only. A volume without a source is an emptyDir.',
  ],
  fix: 'Claim the storage by a persistentVolumeClaim; the persistent volume behind it may be NFS, iSCSI or anything else. No edit is offered: the claim must exist.',
  exception: FOR_AGENTS,
  limits:
    '`image` volumes are allowed in every version by servers from 1.33 on; older ones refuse them.',
  bad: `securityContext:
  runAsNonRoot: true
  seccompProfile:
    type: RuntimeDefault
containers:
  - name: web
    image: registry.example.org/shop/web:1.4.2
    securityContext:
      allowPrivilegeEscalation: false
      capabilities:
        drop: [ALL]
volumes:
  - name: data
    nfs:
      server: nfs.example.org
      path: /shop
`,
  good: `securityContext:
  runAsNonRoot: true
  seccompProfile:
    type: RuntimeDefault
containers:
  - name: web
    image: registry.example.org/shop/web:1.4.2
    securityContext:
      allowPrivilegeEscalation: false
      capabilities:
        drop: [ALL]
volumes:
  - name: data
    persistentVolumeClaim:
      claimName: shop
`,
});

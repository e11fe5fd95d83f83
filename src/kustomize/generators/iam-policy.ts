import type { LocatedMap } from '../../model/located.ts';
import { type BuildContext, fail } from '../context.ts';
import { type Draft, NO_NOTES } from '../draft.ts';
import type { Fields } from '../kustomization/shape.ts';
import { struct, TEXT } from '../kustomization/shape.ts';
import { idOf } from '../resource-id.ts';
import { write } from '../scalar.ts';
import { writerAt } from '../transform.ts';
import { toMap } from './data-object.ts';

export const IAM_POLICY: Fields = {
  cloud: TEXT,
  kubernetesService: struct({ name: TEXT, namespace: TEXT }),
  serviceAccount: struct({ name: TEXT, projectId: TEXT }),
};

/** The service account that an IAMPolicyGenerator makes, for Google's cloud only. */
export function generateIamPolicy(
  context: BuildContext,
  config: LocatedMap,
  file: string,
): Draft | undefined {
  if (config.text('cloud') !== 'gke') {
    fail(context, 'bad-plugin', 'An IAMPolicyGenerator knows the cloud gke only.', config);
    return undefined;
  }
  const writer = writerAt(config, 'generators');
  const account = config.map('serviceAccount');
  const service = config.map('kubernetesService');
  const email = `${account?.text('name') ?? ''}@${account?.text('projectId') ?? ''}.iam.gserviceaccount.com`;
  const namespace = service?.text('namespace') ?? '';
  const root = toMap(
    [
      ['apiVersion', write('v1', writer)],
      ['kind', write('ServiceAccount', writer)],
      [
        'metadata',
        toMap(
          [
            [
              'annotations',
              toMap([['iam.gke.io/gcp-service-account', write(email, writer)]], writer),
            ],
            ['name', write(service?.text('name') ?? '', writer)],
            ['namespace', namespace === '' ? undefined : write(namespace, writer)],
          ],
          writer,
        ),
      ],
    ],
    writer,
  );
  return { root, id: idOf(root, context.schemas), notes: NO_NOTES, file, site: config, size: 8 };
}

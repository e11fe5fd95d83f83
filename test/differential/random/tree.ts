import { Chance } from './chance.ts';
import { fieldsOf, type Surroundings } from './kustomizations.ts';
import { anObject } from './objects.ts';

/** Files of a random repository, by path, and the directory to build. */
export interface RandomTree {
  readonly files: Readonly<Record<string, string>>;
  readonly directory: string;
}

type Known = Surroundings['objects'][number];

/** A base, perhaps a second one and a component, and an overlay of them. */
export function randomTree(seed: number): RandomTree {
  const chance = new Chance(seed);
  const files: Record<string, string> = {};
  const density = chance.pick([0.4, 0.8, 1.2]);

  function write(directory: string, lists: string, objects: readonly Known[], header = ''): void {
    const addFile = (name: string, text: string): void => {
      files[`${directory}/${name}`] = text;
    };
    const fields = fieldsOf(chance, { directory, objects, addFile }, density);
    files[`${directory}/kustomization.yaml`] = header + lists + fields;
  }

  const seen = new Set<string>();

  function base(directory: string): Known[] {
    const objects = chance
      .times(1, 6, () => anObject(chance))
      .filter(({ id }) => !seen.has(id) && seen.add(id));
    files[`${directory}/objects.yaml`] = objects.map(({ text }) => text).join('---\n');
    const known = objects.map(({ kind, name, text }) => ({
      kind,
      name,
      apiVersion: /^apiVersion: (.*)$/m.exec(text)?.[1] ?? 'v1',
    }));
    write(directory, 'resources:\n- objects.yaml\n', known);
    return known;
  }

  const objects = base('base');
  const resources = ['- ../base\n'];
  if (chance.is(0.2)) {
    objects.push(...base('other'));
    resources.push('- ../other\n');
  }
  let lists = `resources:\n${resources.join('')}`;
  if (chance.is(0.25)) {
    const kind = 'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n';
    write('part', '', objects, kind);
    lists += 'components:\n- ../part\n';
  }
  write('overlay', lists, objects);
  return { files, directory: 'overlay' };
}

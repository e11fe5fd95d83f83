import type { InForce } from '../config/effective.ts';
import { toClusterSettings } from '../config/clusters.ts';
import { keyFilesOf } from '../flux/key-files.ts';
import type { FieldPath } from '../model/field-path.ts';
import type { FileTree } from '../model/file-tree.ts';
import type { SettingsProblem } from '../model/waiver.ts';
import { readConfigurationFile } from '../rules/pod-security/configuration-file.ts';

/** What a setting names in the repository. */
interface Named {
  readonly setting: FieldPath;
  /** What is wrong with it in a tree; undefined where all is well. */
  readonly faultIn: (tree: FileTree) => string | undefined;
}

/**
 * Settings that name files or folders which are not there, or cannot be used: they are valid by
 * themselves, and would leave a review without an answer.
 *
 * @param readTree the files of the repository; asked for only where a setting names some
 */
export async function findMissingPaths(
  { config, placeOf }: Pick<InForce, 'config' | 'placeOf'>,
  readTree: () => Promise<FileTree>,
): Promise<SettingsProblem[]> {
  const named = [
    ...toClusterSettings(config).flatMap(({ name, path, podSecurity }) => [
      ...(path === '' ? [] : [folder(['clusters', name, 'path'], path)]),
      ...(podSecurity.configuration === undefined
        ? []
        : [
            admission(
              ['clusters', name, 'podSecurity', 'configuration'],
              podSecurity.configuration,
            ),
          ]),
    ]),
    ...config.commitSignatures.keys.map((glob, index) =>
      keys(['commitSignatures', 'keys', index], glob),
    ),
  ];
  if (named.length === 0) return [];
  const tree = await readTree();
  return named.flatMap(({ setting, faultIn }) => {
    const [message, place] = [faultIn(tree), placeOf(setting)];
    return message === undefined || place === undefined ? [] : { message, place };
  });
}

function folder(setting: FieldPath, path: string): Named {
  return {
    setting,
    faultIn: (tree) =>
      tree.list().some((entry) => entry.path.startsWith(`${path}/`))
        ? undefined
        : `${setting.join('.')}: there is no folder ${JSON.stringify(path)}.`,
  };
}

function admission(setting: FieldPath, path: string): Named {
  return {
    setting,
    faultIn(tree) {
      const [error] = readConfigurationFile(tree, path).errors;
      if (error === undefined) return undefined;
      const where = error.isAbsent ? path : `${error.place.path}:${error.place.line}`;
      return `${setting.join('.')}: ${JSON.stringify(where)} cannot be used: ${error.message}.`;
    },
  };
}

function keys(setting: FieldPath, glob: string): Named {
  return {
    setting,
    faultIn: (tree) =>
      keyFilesOf(tree, [glob]).length > 0
        ? undefined
        : `commitSignatures.keys: no file is named ${JSON.stringify(glob)}.`,
  };
}

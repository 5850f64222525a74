import manifest from '../../package.json' with { type: 'json' };

/** The package's own name, version and oclif settings; the build leaves only these of package.json. */
export const { name, version, oclif } = manifest;

/** Which modules are one file. */

/** Most bytes, as written, of modules that are not worth a request of their own. */
const SMALL = 5_000;

/**
 * Puts into one chunk, `core`, all that a module imports when it is loaded, and small modules that are fetched later or shared by such.
 * Split by who else needs a part of it, as Rollup does it, this would be twenty requests.
 * @param {string} start
 * @returns {import('vite').Rollup.GetManualChunk}
 */
export function core(start) {
  /** @type {Set<string> | undefined} */
  let modules;
  return (id, graph) => {
    modules ??= modulesOf(start, graph);
    return modules.has(id) ? 'core' : undefined;
  };
}

/**
 * @param {string} start
 * @param {import('vite').Rollup.ManualChunkMeta} graph
 */
function modulesOf(start, { getModuleIds, getModuleInfo }) {
  const infoOf = (/** @type {string} */ id) => /** @type {import('vite').Rollup.ModuleInfo} */ (getModuleInfo(id));
  const importedBy = (/** @type {string} */ id) => {
    const all = new Set([id]);
    // A set goes on to what is added to it meanwhile.
    for (const each of all) infoOf(each).importedIds.forEach((next) => all.add(next));
    return all;
  };
  const modules = importedBy(start);
  const isLater = (/** @type {string} */ id) => infoOf(id).dynamicImporters.length > 0;
  /** @type {Map<string, number>} */
  const users = new Map();
  for (const later of [...getModuleIds()].filter(isLater)) {
    for (const id of importedBy(later)) users.set(id, (users.get(id) ?? 0) + 1);
  }
  for (const [id, count] of users) {
    const more = [...importedBy(id)].filter((each) => !modules.has(each));
    const bytes = more.reduce((sum, each) => sum + (infoOf(each).code ?? '').length, 0);
    if (bytes < SMALL && (count > 1 || isLater(id))) more.forEach((each) => modules.add(each));
  }
  return modules;
}

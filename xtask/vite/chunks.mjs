/** Which modules are one file. */

/** Most bytes, as written, of modules that are not worth a request of their own. */
const SMALL = 5_000;

/** @typedef {import('vite').Rollup.ModuleInfo} ModuleInfo */

/**
 * Puts into one chunk, `core`, all that a module imports when it is loaded; into another, `rest`, what one imports that is fetched after
 * the first picture; and into a third, `shared`, small modules that are fetched later or shared by such. Split by who else needs a part of
 * it, as Rollup does it, this would be thirty requests.
 * @param {{core: string, rest: string}} starts
 * @returns {import('vite').Rollup.GetManualChunk}
 */
export function chunks(starts) {
  /** @type {Map<string, string> | undefined} */
  let names;
  return (id, graph) => {
    names ??= namesOf(starts, graph);
    return names.get(id);
  };
}

/**
 * The chunks of modules that are in one of the three.
 * @param {{core: string, rest: string}} starts
 * @param {import('vite').Rollup.ManualChunkMeta} graph
 */
function namesOf({ core, rest }, { getModuleIds, getModuleInfo }) {
  const infoOf = (/** @type {string} */ id) => /** @type {ModuleInfo} */ (getModuleInfo(id));
  const importedBy = (/** @type {string[]} */ ids) => {
    const all = new Set(ids);
    // A set goes on to what is added to it meanwhile.
    for (const each of all) infoOf(each).importedIds.forEach((next) => all.add(next));
    return all;
  };
  const modules = [...getModuleIds()];
  const names = new Map([...importedBy([core])].map((id) => [id, 'core']));
  for (const id of importedBy(modules.filter((id) => id === rest))) if (!names.has(id)) names.set(id, 'rest');
  // Pages that begin with such a module must not wait for the others.
  const first = importedBy(modules.filter((id) => infoOf(id).isEntry));
  const isLater = (/** @type {string} */ id) => infoOf(id).dynamicImporters.length > 0;
  /** @type {Map<string, number>} */
  const users = new Map();
  for (const later of modules.filter(isLater)) {
    for (const id of importedBy([later])) users.set(id, (users.get(id) ?? 0) + 1);
  }
  for (const [id, count] of users) {
    const more = [...importedBy([id])].filter((each) => !names.has(each));
    const bytes = more.reduce((sum, each) => sum + (infoOf(each).code ?? '').length, 0);
    if (bytes >= SMALL || !(count > 1 || isLater(id))) continue;
    more.forEach((each) => names.set(each, first.has(each) ? 'core' : 'shared'));
  }
  return names;
}

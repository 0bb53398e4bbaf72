export type { LabPack, PackCheck, PackProblem, PackQuestion, PackScript } from './pack.ts';
export { createCatalog, type Catalog, type CatalogProblem } from './catalog.ts';
export { loadPack, readPack, type PackReading } from './load.ts';
export { findingOf, lintPack, type LintFinding } from './lint/index.ts';
export { CHECK_FUNCTIONS_FOLDER, stageCheckFunctions, stagePack } from './stage.ts';
export { ARCHIVE_LIMIT_BYTES, ARCHIVE_MEDIA_TYPE, packArchive } from './archive.ts';
export { unpackArchive, withUnpacked } from './unpack.ts';
export { jsonSchemas } from './ckx-schema.ts';
export { makePack } from './new-pack.ts';

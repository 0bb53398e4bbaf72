/** Injection tokens of what is not a class of this application. */
export const CONFIG = Symbol('ApiConfig');
export const DATA_SOURCE = Symbol('DataSource');
export const CATALOG = Symbol('Catalog');

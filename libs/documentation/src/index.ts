/** Which documentation a desktop may show, and the one way to it. */
export { documentationHosts } from './hosts.ts';
export { serveDocumentation, type DocumentationProxy } from './proxy.ts';

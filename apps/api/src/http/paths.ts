/** Where the API is; not a global prefix, so that what is outside answers problem documents as well. */
export const API_V1 = 'api/v1';

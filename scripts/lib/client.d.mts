/** Where the types of the API lie, for the shop window and for whoever wants to copy them. */
export const CLIENT_FILE: string;

/** The TypeScript types of an API, from its OpenAPI 3.1 document. */
export function clientTypes(document: object): Promise<string>;

/** Writes them where they belong; answers whether the file has changed. */
export function writeClient(document: object): Promise<boolean>;

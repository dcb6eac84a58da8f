/** HubSpot by its official SDK: the generated clients of the APIs used here, without the limiter and the retries that its `Client` puts around them, through the guarded client. */
import {
  AccessTokensApi,
  createConfiguration as tokensConfiguration,
  wrapHttpLibrary as tokensLibrary,
} from '@hubspot/api-client/lib/codegen/oauth/index.js';
import {
  BasicApi as AssociationsApi,
  createConfiguration as associationsConfiguration,
  wrapHttpLibrary as associationsLibrary,
} from '@hubspot/api-client/lib/codegen/crm/associations/v4/index.js';
import {
  BasicApi,
  BatchApi,
  ResponseContext,
  SearchApi,
  SelfDecodingBody,
  createConfiguration,
  wrapHttpLibrary,
} from '@hubspot/api-client/lib/codegen/crm/objects/index.js';
import {
  OwnersApi,
  createConfiguration as ownersConfiguration,
  wrapHttpLibrary as ownersLibrary,
} from '@hubspot/api-client/lib/codegen/crm/owners/index.js';
import {
  CoreApi as PropertiesApi,
  createConfiguration as propertiesConfiguration,
  wrapHttpLibrary as propertiesLibrary,
} from '@hubspot/api-client/lib/codegen/crm/properties/index.js';
import {
  CoreApi as SchemasApi,
  createConfiguration as schemasConfiguration,
  wrapHttpLibrary as schemasLibrary,
} from '@hubspot/api-client/lib/codegen/crm/schemas/index.js';

import { pacer } from '../sdk/pace.ts';
import { withVendor } from '../sdk/vendor.ts';
import type { Access, CallContext } from '../sdk/vendor.ts';
import { hubspotFault, hubspotName } from './faults.ts';

/** What an action may call. */
export interface HubSpot {
  records: BasicApi;
  batches: BatchApi;
  search: SearchApi;
  associations: AssociationsApi;
}

/** What forms and tests call besides. */
export interface HubSpotForms {
  properties: PropertiesApi;
  schemas: SchemasApi;
  owners: OwnersApi;
  tokens: AccessTokensApi;
  access: Access;
}

/** A step's turns at HubSpot's limits: searches of an account are few per second, other requests many per ten. */
export const searchTurns = (signal: AbortSignal): (() => Promise<void>) => pacer(4, 1_000, signal);
export const turns = (signal: AbortSignal): (() => Promise<void>) => pacer(90, 10_000, signal);

const vendor = { name: hubspotName, fault: hubspotFault, limits: { maxBodyBytes: 32 * 1_048_576 } };

/** @throws HubError `connector.*`, `http.*`. */
export function withHubSpot<T>(context: CallContext, use: (api: HubSpot) => Promise<T>): Promise<T> {
  return withVendor(context, vendor, (access) => {
    const configuration = createConfiguration({ httpApi: wrapHttpLibrary(library(access)), authMethods: signIn(access) });
    const associations = associationsConfiguration({ httpApi: associationsLibrary(library(access)), authMethods: signIn(access) });
    return use({
      records: new BasicApi(configuration),
      batches: new BatchApi(configuration),
      search: new SearchApi(configuration),
      associations: new AssociationsApi(associations),
    });
  });
}

/** As `withHubSpot`, for forms. */
export function withHubSpotForms<T>(context: CallContext, use: (api: HubSpotForms) => Promise<T>): Promise<T> {
  return withVendor(context, vendor, (access) => {
    const authMethods = signIn(access);
    return use({
      properties: new PropertiesApi(propertiesConfiguration({ httpApi: propertiesLibrary(library(access)), authMethods })),
      schemas: new SchemasApi(schemasConfiguration({ httpApi: schemasLibrary(library(access)), authMethods })),
      owners: new OwnersApi(ownersConfiguration({ httpApi: ownersLibrary(library(access)), authMethods })),
      tokens: new AccessTokensApi(tokensConfiguration({ httpApi: tokensLibrary(library(access)) })),
      access,
    });
  });
}

const signIn = ({ token }: Access): { oauth2: { accessToken: string } } => ({ oauth2: { accessToken: token } });

/** A request as each of the SDK's generated clients makes it. */
interface SdkRequest {
  getUrl(): string;
  getHttpMethod(): string;
  getHeaders(): Record<string, string>;
  getBody(): unknown;
}

/** The SDK's own transport knows no guard and no cancel; this one sends the same request by the vendor's fetch. */
function library({ fetch }: Access): { send(request: SdkRequest): Promise<ResponseContext> } {
  return {
    async send(request) {
      const body = request.getBody() as string | undefined;
      const response = await fetch(request.getUrl(), {
        method: request.getHttpMethod(),
        headers: request.getHeaders(),
        ...(body === undefined ? {} : { body }),
      });
      const bytes = Buffer.from(await response.arrayBuffer());
      return new ResponseContext(response.status, Object.fromEntries(response.headers), new SelfDecodingBody(Promise.resolve(bytes)));
    },
  };
}

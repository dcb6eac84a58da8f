/** Templates: look at one, make a workflow of it. */
import { createReadStream } from 'node:fs';
import { routes } from '@hub/contract';
import type { Definition } from '@hub/dag';
import { createFileStore } from '@hub/db';
import type { FastifyInstance } from 'fastify';
import { sniffed } from '../files/sniff.ts';
import { notFound } from '../http/answers.ts';
import type { RouteContext } from '../http/context.ts';
import { handle } from '../http/route.ts';
import { type LoadedTemplate, loadTemplates, replaceSamples, templateFolder } from '../templates/library.ts';
import { makeWorkflow } from '../workflows/make.ts';

/** Registers them. */
export function templateRoutes(app: FastifyInstance, context: RouteContext): void {
  const { deps } = context;
  const files = createFileStore(deps.sql, { blobKey: deps.settings.blobKey });
  let library: Promise<Map<string, LoadedTemplate>> | null = null;
  const templates = () => {
    library ??= loadTemplates(templateFolder).catch((error: unknown) => {
      library = null;
      throw error;
    });
    return library;
  };
  const find = async (id: string): Promise<LoadedTemplate> => {
    const found = (await templates()).get(id);
    if (found === undefined) throw notFound('template');
    return found;
  };
  handle(app, 'listTemplates', routes.listTemplates, async () => ({
    items: [...(await templates()).values()].map(
      ({ detail: { notes: _notes, definition: _definition, sampleInput: _input, files: _files, ...item } }) => item,
    ),
    nextCursor: null,
  }));
  handle(app, 'getTemplate', routes.getTemplate, async ({ params }) => (await find(params.templateId)).detail);
  handle(app, 'useTemplate', routes.useTemplate, async ({ params, body, team, caller, request, reply }) => {
    const { detail, definition: given, paths } = await find(params.templateId);
    const handles = new Map<string, unknown>();
    for (const [name, path] of paths) {
      const { mime, content } = await sniffed(createReadStream(path), name);
      handles.set(
        name,
        await files.createUpload(team.id, { name, mime, userId: caller.userId }, content, { maxBytes: deps.settings.uploadLimitBytes }),
      );
    }
    const filled = (value: unknown) => replaceSamples(value, (name) => handles.get(name));
    const sampleInput = filled(detail.sampleInput) as Record<string, unknown>;
    const definition = filled(given) as Definition;
    const kept = { ...definition, ui: { ...definition.ui, sampleInput } } as Definition;
    const workflow = await makeWorkflow(
      context,
      { team, caller, request, reply },
      {
        name: body.name ?? detail.name,
        description: detail.summary,
        definition: kept,
        how: 'from-template',
        details: { template: params.templateId },
      },
    );
    return { workflow, sampleInput };
  });
}

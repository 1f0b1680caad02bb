// On purpose: a map that every request enters and leaves.
import { subscribe } from 'node:diagnostics_channel';
import './trace-gc.mjs';

const open = new Map();
subscribe('http.server.request.start', ({ request, response }) => {
  open.set(response, request);
  response.once('finish', () => open.delete(response));
});

# The shop for production: node dist/main.js, as a user without rights. The same image holds the
# migrations (node dist/src/database/migrate.js) and, for trying things out, the sandbox.

FROM node:22-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --loglevel=error
COPY nest-cli.json tsconfig.json tsconfig.build.json ormconfig.ts ./
COPY scripts scripts
COPY src src
RUN node scripts/build.mjs

FROM node:22-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --loglevel=error && npm cache clean --force
COPY --from=build /app/dist dist
# A volume mounted here starts with this owner.
RUN install -d -o node -g node /data/sandbox
USER node
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health/live`).then((a) => process.exit(a.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--max-old-space-size=512", "--min-semi-space-size=32", "--max-semi-space-size=32", "--no-allocation-site-pretenuring", "dist/main.js"]

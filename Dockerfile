# Purser in a container: built in one stage, run in another that has neither compiler nor tests.
# Nothing secret goes in; docs/operations.md says how it is run.
FROM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# No package that Purser needs has to run anything when it is installed.
RUN npm ci --ignore-scripts
COPY tsconfig.json tsconfig.build.json ./
COPY src ./src
RUN npm run build && npm ci --omit=dev --ignore-scripts

FROM node:24-slim
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY LICENSE team.example.yaml ./
# Without DATABASE_URL everything that is kept is in /data; with it nothing is written at all.
RUN install -d -o node -g node -m 0700 /data
ENV NODE_ENV=production \
    DATA_DIR=/data \
    TEAM_FILE=/etc/purser/team.yaml \
    HTTP_HOST=0.0.0.0 \
    HTTP_PORT=8082
# The user `node`, by number: Kubernetes can then tell that it is not root.
USER 1000:1000
VOLUME /data
EXPOSE 8082
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.HTTP_PORT + '/healthz').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "--max-semi-space-size=4", "/app/dist/main.js"]

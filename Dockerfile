# Builds in one image, runs in another that holds no compiler, no npm cache and no source.
FROM node:22-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json tsconfig.json tsconfig.build.json ./
RUN npm ci --ignore-scripts
COPY src ./src
RUN npm run build && npm prune --omit=dev --ignore-scripts

FROM node:22-bookworm-slim
ENV NODE_ENV=production DATA_DIR=/data
WORKDIR /app
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY package.json LICENSE app.yml ./
COPY docs ./docs
# A number, so that runAsNonRoot can be checked without reading the image's passwd file.
RUN install -d -o 10001 -g 10001 /data
USER 10001:10001
VOLUME /data
EXPOSE 3000
CMD ["node", "dist/index.js"]

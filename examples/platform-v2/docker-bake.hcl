# Builds the images once, in the pipeline; no server ever builds. The pipeline sets the three variables.
variable "REGISTRY" { default = "registry.gitlab.com/platform/platform-v2" }
variable "TAG" { default = "dev" }
variable "GIT_SHA" { default = "dev" }

group "default" { targets = ["backend", "frontend"] }

target "backend" {
  context = "backend"
  tags    = ["${REGISTRY}/backend:${TAG}", "${REGISTRY}/backend:latest"]
  labels  = { "org.opencontainers.image.revision" = GIT_SHA }
}

target "frontend" {
  context = "frontend"
  tags    = ["${REGISTRY}/frontend:${TAG}", "${REGISTRY}/frontend:latest"]
  labels  = { "org.opencontainers.image.revision" = GIT_SHA }
}

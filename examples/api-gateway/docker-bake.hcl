# Builds the images that staging and production run, once. The pipeline sets the three variables.
variable "REGISTRY" { default = "registry.gitlab.com/platform/api-gateway" }
variable "TAG" { default = "dev" }
variable "GIT_SHA" { default = "dev" }

group "default" { targets = ["gateway", "migrate"] }

target "_common" {
  context = "."
  args    = { GIT_SHA = GIT_SHA }
  labels  = { "org.opencontainers.image.revision" = GIT_SHA }
}

target "gateway" {
  inherits = ["_common"]
  target   = "prod"
  tags     = ["${REGISTRY}/gateway:${TAG}", "${REGISTRY}/gateway:latest"]
}

target "migrate" {
  inherits = ["_common"]
  target   = "migrate"
  tags     = ["${REGISTRY}/migrate:${TAG}", "${REGISTRY}/migrate:latest"]
}

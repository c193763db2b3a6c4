# Builds aaperture's images: `docker buildx bake --file docker-bake.hcl`. The pipeline sets both variables.
variable "REGISTRY" { default = "registry.gitlab.com/aaperture/aaperture" }
variable "TAG" { default = "dev" }

group "default" { targets = ["api", "web"] }

target "api" {
  context = "api"
  target  = "runtime"
  tags    = ["${REGISTRY}/api:${TAG}", "${REGISTRY}/api:latest"]
}

target "web" {
  context = "web"
  target  = "runtime"
  tags    = ["${REGISTRY}/web:${TAG}", "${REGISTRY}/web:latest"]
}

/**
 * The cases that are carried: planned without a problem, and equal to the original but for the closed list. A case that
 * is carried and not named here fails as well, so the list only grows.
 */
export const carried: readonly string[] = [
  "ac-angular",
  "ac-apache-php",
  "ac-django",
  "ac-flask-redis",
  "ac-nextcloud-postgres",
  "ac-postgresql-pgadmin",
  "ac-react-nginx",
  "ac-sparkjava",
  "ac-wasmedge-mysql-nginx",
  "ac-wireguard",
  "ac-wordpress-mysql",
  "airflow",
  "directus",
  "documenso",
  "micro-aliases",
  "micro-dcname",
  "micro-initmigration",
  "micro-mounts",
  "micro-multi",
  "micro-releasejob",
  "micro-seccomp",
  "micro-values",
  "n8n-worker",
  "outline",
  "penpot",
];

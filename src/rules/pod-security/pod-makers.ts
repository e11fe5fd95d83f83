/**
 * Custom resources whose operators make pods from fields of their own: neither a template nor a
 * list of containers tells. Their pods cannot be judged from the manifest.
 */
const POD_MAKERS: Readonly<Record<string, readonly string[]>> = {
  'acid.zalan.do': ['postgresql'],
  'ceph.rook.io': ['CephCluster', 'CephFilesystem', 'CephNFS', 'CephObjectStore'],
  'dragonflydb.io': ['Dragonfly'],
  'grafana.integreatly.org': ['Grafana'],
  'k8s.elastic.co': ['ApmServer', 'Beat', 'Elasticsearch', 'Kibana', 'Logstash'],
  'k8s.mariadb.com': ['MariaDB', 'MaxScale'],
  'minio.min.io': ['Tenant'],
  'monitoring.coreos.com': ['Alertmanager', 'Prometheus', 'PrometheusAgent', 'ThanosRuler'],
  'operator.victoriametrics.com': ['VMAgent', 'VMAlert', 'VMAlertmanager', 'VMCluster', 'VMSingle'],
  'postgresql.cnpg.io': ['Cluster', 'Pooler'],
  'rabbitmq.com': ['RabbitmqCluster'],
  'tekton.dev': ['ClusterTask', 'Pipeline', 'Task'],
};

export function isPodMaker(group: string, kind: string): boolean {
  return Object.hasOwn(POD_MAKERS, group) && (POD_MAKERS[group]?.includes(kind) ?? false);
}

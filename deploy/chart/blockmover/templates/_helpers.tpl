{{- define "blockmover.fullname" -}}
{{- if contains .Chart.Name .Release.Name }}{{ .Release.Name | trunc 50 | trimSuffix "-" }}{{ else }}{{ printf "%s-%s" .Release.Name .Chart.Name | trunc 50 | trimSuffix "-" }}{{ end }}
{{- end }}

{{- define "blockmover.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: controller
{{- end }}

{{- define "blockmover.labels" -}}
{{ include "blockmover.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end }}

{{- define "blockmover.image" -}}
{{ .Values.image.repository }}{{ if .Values.image.digest }}@{{ .Values.image.digest }}{{ else }}:{{ .Values.image.tag | default .Chart.AppVersion }}{{ end }}
{{- end }}

{{- define "blockmover.controllerAccount" -}}
{{ .Values.serviceAccounts.controller.name | default (printf "%s-controller" (include "blockmover.fullname" .)) }}
{{- end }}

{{- define "blockmover.podAccount" -}}
{{ .Values.serviceAccounts.pods.name | default (printf "%s-mover" (include "blockmover.fullname" .)) }}
{{- end }}

{{- define "blockmover.passwordSecret" -}}
{{ required "repository.password.existingSecret: name the Secret in Velero's namespace that holds the repository's password. Make one with\n  kubectl create secret generic blockmover-repository -n velero --from-literal=password=\"$(openssl rand -base64 33)\"\nand keep a copy elsewhere: without it no backup can be read" .Values.repository.password.existingSecret }}
{{- end }}

{{- define "blockmover.securityContext" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: {drop: [ALL]}
{{- end }}

{{- define "blockmover.podSecurityContext" -}}
runAsNonRoot: true
runAsUser: 65532
runAsGroup: 65532
seccompProfile: {type: RuntimeDefault}
{{- end }}

{{- /* What the process of the controller is told, also when it drains. */ -}}
{{- define "blockmover.environment" -}}
- {name: VELERO_NAMESPACE, value: {{ .Release.Namespace | quote }}}
- {name: MOVER_IMAGE, value: {{ include "blockmover.image" . | quote }}}
- {name: MOVER_POD_SERVICE_ACCOUNT, value: {{ include "blockmover.podAccount" . | quote }}}
- {name: MOVER_HEAP, value: {{ .Values.controller.heap | quote }}}
- {name: POD_NAME, valueFrom: {fieldRef: {fieldPath: metadata.name}}}
{{- with .Values.controller.javaOptions }}
- {name: MOVER_JAVA_OPTIONS, value: {{ . | quote }}}
{{- end }}
{{- end }}
